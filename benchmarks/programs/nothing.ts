/** What a process costs that does nothing: other costs count from there. */
export {}
