"""Tables of users taken in and given back: crosswalks from one day to another, and the day of a list."""
