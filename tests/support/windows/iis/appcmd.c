/* The stand-in for appcmd.exe: hands its words to the program named in appcmd.standin beside it, which runs on the
   host below Wine, and gives back what that wrote and its whole exit status. Wine tells a Windows program neither
   how a program of the host ended nor when, so both go through files. */
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
    wchar_t own[MAX_PATH], job[64], path[128], program[1024], line[2048];
    GetModuleFileNameW(NULL, own, MAX_PATH);
    wcscpy(wcsrchr(own, L'.'), L".standin");
    DWORD size;
    char *named = content(own, &size);
    if (!named) return 2;
    MultiByteToWideChar(CP_UTF8, 0, named, -1, program, 1024);
    swprintf(job, 64, L"C:\\windows\\temp\\appcmd-%lu-%lu", GetCurrentProcessId(), GetTickCount());
    CreateDirectoryW(job, NULL);
    swprintf(path, 128, L"%ls\\words", job);
    words(path, count, all);
    swprintf(line, 2048, L"sh \"%ls\" \"%ls\"", program, wcsrchr(job, L'\\') + 1);
    STARTUPINFOW start = {sizeof start};
    PROCESS_INFORMATION made;
    if (!CreateProcessW(L"Z:\\bin\\sh", line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &made)) return 3;
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
