package dev.tollgate.provider;

/** What a call asks a model to do. */
public enum Operation {
    /** To answer a conversation. */
    CHAT,
    /** To say how many tokens a conversation has. */
    COUNT_TOKENS,
    /** To turn texts into vectors. */
    EMBED,
    /** To order documents by what they have to do with a question. */
    RERANK,
    /** Something the gateway does not translate: images, audio, moderations, files, batches. */
    RELAY
}
