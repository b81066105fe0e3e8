package dev.tollgate.chat;

/**
 * How many tokens a chat would have.
 *
 * @param input tokens of the request, cached ones included
 * @param extras what only the dialect of the answer says besides
 */
public record TokenCount(long input, Extras extras) {}
