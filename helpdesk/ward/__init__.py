"""What the ward is: hours, places, offers, words for topics."""
