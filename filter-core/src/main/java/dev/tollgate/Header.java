package dev.tollgate;

/** One HTTP header field. Names are compared without regard to case (RFC 9110 §5.1). */
public record Header(String name, String value) {}
