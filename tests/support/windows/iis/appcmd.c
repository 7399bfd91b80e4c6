/* The stand-in for appcmd.exe: lays its words in a folder of its own, waits until somebody on the host below Wine has
   laid the answer beside them, and gives back that answer and its whole exit status. */
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <wchar.h>

static BOOL exists(const wchar_t *path) { return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES; }

static char *content(const wchar_t *path, DWORD *size) {
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return NULL;
    *size = GetFileSize(file, NULL);
    char *text = calloc(*size + 1, 1);
    ReadFile(file, text, *size, size, NULL);
    CloseHandle(file);
    return text;
}

static void words(const wchar_t *path, int count, wchar_t **all) {
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    for (int at = 1; at < count; at++) {
        int size = WideCharToMultiByte(CP_UTF8, 0, all[at], -1, NULL, 0, NULL, NULL);
        char *text = calloc(size, 1);
        DWORD written;
        WideCharToMultiByte(CP_UTF8, 0, all[at], -1, text, size, NULL, NULL);
        WriteFile(file, text, size, &written, NULL);
        free(text);
    }
    CloseHandle(file);
}

int main(void) {
    int count;
    wchar_t **all = CommandLineToArgvW(GetCommandLineW(), &count);
    wchar_t job[64], path[128], ready[128];
    DWORD size;
    swprintf(job, 64, L"C:\\windows\\temp\\appcmd-%lu-%lu", GetCurrentProcessId(), GetTickCount());
    CreateDirectoryW(job, NULL);
    swprintf(path, 128, L"%ls\\words.new", job);
    words(path, count, all);
    swprintf(ready, 128, L"%ls\\words", job);
    MoveFileW(path, ready);
    swprintf(path, 128, L"%ls\\status", job);
    for (int look = 0; !exists(path); look++) {
        if (look > 12000) return 4;
        Sleep(5);
    }
    int status = atoi(content(path, &size));
    swprintf(path, 128, L"%ls\\out", job);
    char *out = content(path, &size);
    DWORD written;
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), out, size, &written, NULL);
    return status;
}
