"""Makes the ten sample clips of the app: `python -m model.sample_clips`.

Eight are scores written in `scores/`, played by FluidSynth on the free sound
font Fluid R3, with a synthetic voice here and there, and mixed by our own
effects; two are excerpts of recordings under a free licence. Nothing here runs
when the app runs.
"""
