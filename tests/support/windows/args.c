/* Tells the words it was given, one a line and as UTF-8, and ends with the first as its exit status. */
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>

int main(void)
{
    int count, i;
    char text[8192];
    LPWSTR *words = CommandLineToArgvW(GetCommandLineW(), &count);

    for (i = 1; i < count; i++) {
        WideCharToMultiByte(CP_UTF8, 0, words[i], -1, text, sizeof text, NULL, NULL);
        printf("[%s]\n", text);
    }
    return count > 1 ? _wtoi(words[1]) : 0;
}
