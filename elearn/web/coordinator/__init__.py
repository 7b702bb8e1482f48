"""The coordinator: figures and their exports."""
