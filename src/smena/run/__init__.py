"""The engine: carries out a list of steps so that a death at any instant leaves a way on or a way back.

It knows no product and no kind of step. `status` says which moves there are, `step`
what a kind of step promises, `engine` walks forward and back, `recovery` takes up
what a death left.
"""
