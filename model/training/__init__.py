"""The training of the shipped networks, so that anybody with the data can repeat it."""
