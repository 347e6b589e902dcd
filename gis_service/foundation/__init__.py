"""What every tier stands on: time, geometry, findings, the database and the journal."""
