"""The detector on counts alone, without text: is the budget kept, and what is caught, beside the field's baselines."""
