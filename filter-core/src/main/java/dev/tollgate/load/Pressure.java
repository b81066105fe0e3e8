package dev.tollgate.load;

/**
 * How near the process is to having no more of something.
 *
 * @param heapPercent of the heap that is in use by what is still needed
 * @param heapIsOld whether that was seen so long ago that it may have passed
 * @param descriptorPercent of the file descriptors that are open
 */
record Pressure(int heapPercent, boolean heapIsOld, int descriptorPercent) {
    static final Pressure NONE = new Pressure(0, false, 0);
}
