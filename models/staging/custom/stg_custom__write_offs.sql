{{ stage('custom', 'write_offs') }}
