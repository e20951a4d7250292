"""How the shipped network was made, so that anybody with the data can make it again."""
