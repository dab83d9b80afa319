//! What is legal but cannot be meant.
