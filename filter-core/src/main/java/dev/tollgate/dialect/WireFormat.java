package dev.tollgate.dialect;

/** A form that calls of one kind have on the wire: of chats, of counts of their tokens, of embeddings, of rerankings. */
public interface WireFormat {

    /** The name it has in {@code providers.yaml} and in records, for example "anthropic". */
    String id();

    /** What the top level of a request must look like, whether it is read or passed through. */
    Shape shape();

    /** Whether the path of a request says the model and whether to stream, rather than its body. */
    default boolean modelInPath() {
        return false;
    }
}
