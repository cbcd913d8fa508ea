"""What each of the seven plan pages shows, as plain figures: one module per plan, over one shared time line."""
