"""The wizard without a window: answers, steps and history."""
