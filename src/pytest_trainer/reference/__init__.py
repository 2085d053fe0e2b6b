"""What is true: metrics and padding from their definitions, and the strategies that draw inputs for them.

Nothing here calls the library functions that the exercises are about; tests compare the two.
"""
