"""Saved networks run in NumPy, forwards and backwards, without Keras and TensorFlow.

TensorFlow takes seconds to import and again to trace a network, and its convolutions do not know
that a clip comes alone. Here a network is read as Keras saved it; what cannot be read is left to
Keras. All maps are (rows, columns, channels), one clip at a time.
"""
