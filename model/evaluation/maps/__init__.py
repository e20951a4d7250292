"""Whether the explanations are true: faithfulness, sanity, and localisation with known truth."""
