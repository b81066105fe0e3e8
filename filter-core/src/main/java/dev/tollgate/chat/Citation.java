package dev.tollgate.chat;

import org.jspecify.annotations.Nullable;

/**
 * A source that an answer names for a piece of its text.
 *
 * @param url where the source is, or null
 * @param title what it is called, or null
 * @param quoted the words of the source, or null
 * @param start the first character of the answer's text part that it is for, counted in UTF-16 units from 0, or null where
 *     it is for all of the part
 * @param end the character after the last, or null
 * @param whole the citation as its dialect wrote it
 */
public record Citation(
        @Nullable String url,
        @Nullable String title,
        @Nullable String quoted,
        @Nullable Long start,
        @Nullable Long end,
        Opaque whole) {}
