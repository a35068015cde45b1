"""The room "Packs" of the writing desk: a curriculum as text comes in, and goes out."""
