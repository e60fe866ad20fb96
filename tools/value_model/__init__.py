"""The words of the value model, and the script that trains it."""
