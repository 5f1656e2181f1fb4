"""Makes the helpers of this folder (`truth`) importable from every test below it."""
