/* Stands in for bcryptprimitives.dll, which Wine 8 lacks and Rust's standard library loads at the start of every
 * program. For tests under Wine only: never shipped. */

#include <windows.h>

/* Rust names it RtlGenRandom; advapi32.dll exports it under this name. */
BOOLEAN NTAPI SystemFunction036(PVOID data, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    const ULONG largest = 1u << 20;
    while (length > 0) {
        ULONG part = length < largest ? (ULONG)length : largest;
        if (!SystemFunction036(data, part))
            return FALSE;
        data += part;
        length -= part;
    }
    return TRUE;
}
