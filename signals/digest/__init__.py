"""The daily digest (日报): collected as a frozen record, then rendered as HTML, Markdown and pictures."""
