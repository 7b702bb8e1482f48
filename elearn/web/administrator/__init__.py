"""The administrator: officers, this node, the exchange."""
