"""Networks, one architecture a file, and how they are loaded and asked.

Every network on pictures maps levels in dB, (batch, N_MELS, frames, 1), to scores before
the softmax, and takes any length from 3 s. The flagship and the ImageNet network end in a
layer "evidence", its global average "gap" and exactly one dense layer "genre": what CAM and
CRM need to be exact. The vanilla network, which nobody explains, ends in dense layers. The
statistics network maps song statistics to scores.
"""
