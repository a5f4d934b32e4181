"""Text that is not story text: site furniture, and the credits that name an agency or a feed."""
