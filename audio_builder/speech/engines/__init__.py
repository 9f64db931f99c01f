"""The engines that come with the house, each a module or package of its name."""
