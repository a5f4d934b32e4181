"""New articles prepared, joined with the stored ones, aligned and stored."""
