"""For QGIS: styles, and a project that opens ready. Written without QGIS."""
