"""What comes in and goes out: sheets, other systems, papers and portals."""
