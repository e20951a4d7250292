"""How good the network is, measured on tracks it has never been shown."""
