"""Prove: envelope, tree, checkpoint, tiles, proof."""
