"""The inventory plan as shown: stock in its band, age, excess, service against cash."""
