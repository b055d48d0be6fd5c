"""Interlock: the project and the kernel the three apps stand on."""

__version__ = "0.1.0"
