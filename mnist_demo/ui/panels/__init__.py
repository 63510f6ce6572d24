"""What folds open under the pad. A panel asks the server only while it is open."""
