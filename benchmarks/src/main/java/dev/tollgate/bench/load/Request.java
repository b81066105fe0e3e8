package dev.tollgate.bench.load;

import java.nio.ByteBuffer;

/**
 * A request that is sent again and again.
 *
 * @param bytes the whole request; its position and limit stay as they are
 * @param token what the first token of the answer has in it; empty where any byte of the body counts as one
 */
public record Request(ByteBuffer bytes, byte[] token) {}
