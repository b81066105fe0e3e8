package dev.tollgate.dialect;

/** How the frames of a stream are put on the wire: server-sent events, AWS event streams, lines or an array of JSON. */
public interface Framing {

    /** The media type of such a stream, without parameters. */
    String mediaType();

    /** A reader for one stream. */
    FrameReader reader();

    /** A writer for one stream. */
    FrameWriter writer();
}
