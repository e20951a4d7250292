"""Is the explanation true? Faithfulness, sanity and localisation."""
