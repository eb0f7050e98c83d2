"""mtlearn: learn multithreading by seeing it happen, in Python and in Node.js."""

__version__ = "0.1.0"
