/* Shortcuts as the shell itself makes and reads them: `link make FILE TARGET ARGUMENTS FOLDER`, `link read FILE`. */
#define COBJMACROS
#define INITGUID
#include <windows.h>
#include <shlobj.h>
#include <stdio.h>

static void say(const wchar_t *text) {
    char line[2048];
    WideCharToMultiByte(CP_UTF8, 0, text, -1, line, sizeof line, NULL, NULL);
    puts(line);
}

int main(void) {
    int count;
    wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &count), text[1024];
    IShellLinkW *link;
    IPersistFile *file;
    CoInitialize(NULL);
    if (CoCreateInstance(&CLSID_ShellLink, NULL, CLSCTX_INPROC_SERVER, &IID_IShellLinkW, (void **)&link)) return 2;
    if (IShellLinkW_QueryInterface(link, &IID_IPersistFile, (void **)&file)) return 3;
    if (count == 6) {
        IShellLinkW_SetPath(link, words[3]);
        IShellLinkW_SetIDList(link, SHSimpleIDListFromPath(words[3]));
        IShellLinkW_SetArguments(link, words[4]);
        IShellLinkW_SetWorkingDirectory(link, words[5]);
        return IPersistFile_Save(file, words[2], TRUE) ? 4 : 0;
    }
    if (IPersistFile_Load(file, words[2], STGM_READ)) return 5;
    PIDLIST_ABSOLUTE items = NULL; /* Wine keeps paths outside of this list in the code page of the system only */
    IShellLinkW_GetIDList(link, &items);
    if (!items || !SHGetPathFromIDListW(items, text)) return 6;
    say(text);
    IShellLinkW_GetArguments(link, text, 1024);
    say(text);
    IShellLinkW_GetWorkingDirectory(link, text, 1024);
    say(text);
    IShellLinkW_GetDescription(link, text, 1024);
    say(text);
    return 0;
}
