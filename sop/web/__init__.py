"""What stands between a browser and the screens: who may reach them, signing in, pushing what others change."""
