"""Deciding how closely an act is kept (定密、变更密级、解密), and with it all that stands by it."""
