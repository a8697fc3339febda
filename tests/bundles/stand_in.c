/* Stands in for a program of Windows: it writes its command line into a file, and ends with 7. */
#include <stdio.h>
#include <windows.h>

static wchar_t path[32768];
static char said[131072];

int main(void) {
    GetEnvironmentVariableW(L"STAND_IN_SAYS", path, 32768);
    FILE *file = _wfopen(path, L"wb");
    if (!file) return 9;
    int length = WideCharToMultiByte(CP_UTF8, 0, GetCommandLineW(), -1, said, sizeof said, NULL, NULL);
    fwrite(said, 1, length - 1, file);
    fclose(file);
    return 7;
}
