"""The acts that make facts true: 批复、决定、公告, and datasets a register was first filled from."""
