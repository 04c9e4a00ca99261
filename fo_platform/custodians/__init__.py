"""Every source of deliveries: how files arrive and how they are read."""
