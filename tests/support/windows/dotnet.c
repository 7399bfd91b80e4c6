/* `dotnet --list-runtimes` of a host that has ASP.NET Core 6. */
#include <stdio.h>

int main(void)
{
    puts("Microsoft.AspNetCore.App 6.0.36 [C:\\Program Files\\dotnet\\shared\\Microsoft.AspNetCore.App]");
    return 0;
}
